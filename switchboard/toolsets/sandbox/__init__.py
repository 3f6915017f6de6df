"""Running Python that a model or rules wrote, where it can reach nothing and change nothing but what is thrown away."""
