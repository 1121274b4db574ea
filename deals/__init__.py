"""What happens with deals: imported, reviewed, and measured; its rooms stand on kb."""
