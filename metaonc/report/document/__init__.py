"""Reports: what they hold as data, and a page of HTML or a Word document made of it."""
