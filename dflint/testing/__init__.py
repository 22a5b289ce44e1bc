"""What plug-in authors test their rules with."""
