package templates

// StorybookPage lists the stories of all areas, for who works on the pages.
type StorybookPage struct {
	Frame
	Chapters []Chapter
}

// Chapter is one area's stories.
type Chapter struct {
	Name    string
	Stories []Link
}
