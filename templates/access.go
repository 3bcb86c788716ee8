package templates

// SetupPage makes the first account of a new server.
type SetupPage struct {
	Frame
	Token                      string
	TokenError                 string // the link is not the one this process printed
	Name, Password, SecondTime Input
	Wrong                      string
}

// SignInPage asks who somebody is.
type SignInPage struct {
	Frame
	Wrong          string
	Next           string // where to go then, on this site
	Name, Password Input
	New            bool // the server has no account yet
}

// AccountPage is one's own account.
type AccountPage struct {
	Frame
	Role, RoleExplained string
	Old, New            Input
	Wrong               string
}

// FailurePage says what went wrong, and the way on.
type FailurePage struct {
	Frame
	Heading, Message string
	Request          string // id, where the server is at fault
	Back             Link
}
