//! The reader's entry: the scenario that a link carries, read and checked as any file, prepared for the page. The page
//! comes without a reader of files; who opens such a link fetches this one, into a worker (`www/read.js`).

#[cfg(target_arch = "wasm32")]
mod reader {
    use brokerlab::scenario::prepared;
    use brokerlab::timeline::own;
    use wasm_bindgen::prelude::*;

    /// The scenario of that name whose file was packed, prepared.
    ///
    /// # Errors
    /// What is damaged, or wrong with the scenario.
    #[wasm_bindgen]
    pub fn read(name: &str, packed: &str) -> Result<Vec<u8>, String> {
        Ok(prepared::pack(&[own::read(name, packed)?]))
    }
}

fn main() {}
