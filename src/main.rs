//! The page's entry: starts the user interface.

#[cfg(target_arch = "wasm32")]
fn main() {
    // Written by `prepare` when the page is built (Trunk.toml). What was just built can be unpacked.
    #[cfg(not(feature = "files"))]
    let _ = brokerlab::scenario::catalogue::install(include_bytes!("../target/prepared/catalogue"));
    // In a worker there is nothing to draw on: there it searches (www/search.js).
    if web_sys::window().is_some() {
        yew::Renderer::<brokerlab::ui::App>::new().render();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("the playground runs in a browser: build it with Trunk (`cargo xtask serve`)");
    std::process::exit(2);
}
