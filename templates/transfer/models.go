// Package transfer is the pages on which records leave as a file and come in from one,
// and on which a file becomes a type.
package transfer

import "github.com/fieldstack/fieldstack/templates"

// ExportPage asks what to export, and as what.
type ExportPage struct {
	Frame          templates.Frame
	Title          string // of the type
	Action, Back   string
	Keep           []templates.Hidden // which records the list showed
	Which          templates.Input
	Whiches        []templates.Choice // none where the list left nothing out
	Format, With   templates.Input
	Formats, Withs []templates.Choice
}
