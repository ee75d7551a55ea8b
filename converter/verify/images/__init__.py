"""Reading images from archives: one pass, bounded memory, nothing unpacked or run."""
