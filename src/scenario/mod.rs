//! Scenarios as files: what the page, the terminal and the tests load.
