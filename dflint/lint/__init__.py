"""Rules, findings and what decides which of them are reported."""
