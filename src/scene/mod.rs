//! What is to be seen: pure view models over the world and its history.
