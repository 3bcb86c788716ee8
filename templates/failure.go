package templates

// FailurePage says what went wrong, and the way on.
type FailurePage struct {
	Frame
	Heading, Message string
	Request          string // id, where the server is at fault
	Back             Link
}
