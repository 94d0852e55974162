"""What a scenario costs by the hour: counted in its synthesized template, priced from one list."""
