"""RUN text to our own small AST: two readers behind one door, and the values of words."""
