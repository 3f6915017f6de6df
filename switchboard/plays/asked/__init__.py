"""What a message asks for: its questions, its matters, and the days that it names."""
