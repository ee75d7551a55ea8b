//! Hands out the quotes of a file, one for each connection.
use std::io::Write;
use std::net::TcpListener;
use std::{env, fs, process};

extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
}

extern "C" fn stop(_: i32) {
    process::exit(0);
}

fn main() -> std::io::Result<()> {
    let path = env::args().nth(1).unwrap_or_else(|| "quotes.txt".into());
    if path == "--version" {
        println!("quotes {}", env!("CARGO_PKG_VERSION"));
        return Ok(());
    }
    let text = fs::read_to_string(path)?;
    let quotes: Vec<&str> = text.lines().collect();
    unsafe { signal(15, stop) };
    let listener = TcpListener::bind("0.0.0.0:7030")?;
    println!("{} quotes", quotes.len());
    for (i, peer) in listener.incoming().enumerate() {
        writeln!(peer?, "{}", quotes[i % quotes.len()])?;
    }
    Ok(())
}
