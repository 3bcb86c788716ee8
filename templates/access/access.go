// Package access is the pages in which people prove who they are.
package access

import "github.com/fieldstack/fieldstack/templates"

// SetupPage makes the first account of a new server.
type SetupPage struct {
	templates.Frame
	Token                      string
	TokenError                 string // the link is not the one this process printed
	Name, Password, SecondTime templates.Input
	Wrong                      string
}

// SignInPage asks who somebody is.
type SignInPage struct {
	templates.Frame
	Wrong          string
	Next           string // where to go then, on this site
	Name, Password templates.Input
	New            bool // the server has no account yet
}

// AccountPage is one's own account.
type AccountPage struct {
	templates.Frame
	Role, RoleExplained string
	Old, New            templates.Input
	Wrong               string
}
