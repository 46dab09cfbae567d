"""What the screen knows and how it changes: pure, without Kivy, files or clocks."""
