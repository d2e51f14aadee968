// The yardstick of `cargo xtask bench`: a window with nothing in it, told when it stands.
requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => window.__TAURI__.core.invoke("painted"))));
