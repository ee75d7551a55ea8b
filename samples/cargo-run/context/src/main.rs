fn main() {
    println!("working");
}
