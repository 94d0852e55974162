"""What the project does for itself: pictures, prices, measurements and the check that no layer of tests was left out."""
