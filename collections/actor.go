package collections

// Actor is who asks.
type Actor struct {
	User string // account id
	Name string // sign-in name; what $me stands for
	Role Role
	// Scopes narrow an API token: "read", "write", "type:work-order"; nil: no narrowing.
	Scopes []string
}
