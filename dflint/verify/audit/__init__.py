"""What an image holds besides what was meant, found by building it."""
