"""What the project does for itself: pictures, prices, measurements, and a check that every layer of tests ran."""
