"""What changed between two waves: what may be compared, by how much it moved, and what that can bear."""
