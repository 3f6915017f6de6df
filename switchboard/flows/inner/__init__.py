"""What no team names itself: the flow of a branch, and what flows with a board are built on."""
