package templates

// ConfirmPage asks before something is done.
type ConfirmPage struct {
	Frame
	Heading, Message string
	Action, Do       string // where the form goes, what the button says
	Danger           bool
	Back             Link
}
