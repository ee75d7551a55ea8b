"""What is known before any step is placed: trees, products, where things come from, who uses them."""
