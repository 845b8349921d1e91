"""What any page is made with: it knows Django, and no table of ours."""
