"""What commands, packages, languages and base images do: tables, and typed look-ups in them."""
