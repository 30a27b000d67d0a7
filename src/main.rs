//! The page's entry: starts the user interface.

#[cfg(target_arch = "wasm32")]
fn main() {
    yew::Renderer::<brokerlab::ui::App>::new().render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("the playground runs in a browser: build it with Trunk (`cargo xtask serve`)");
    std::process::exit(2);
}
