package templates

// PeoplePage lists the accounts, and adds one.
type PeoplePage struct {
	Frame
	People []PersonRow
	Name   Input
	Role   Input
	Roles  []Choice
	Wrong  string
	Made   *Secret // the account that was just made
}

// PersonRow is one account in the list.
type PersonRow struct {
	Name, Role, Href string
	Disabled, Self   bool
	Created          Moment
}

// PersonPage changes one account.
type PersonPage struct {
	Frame
	Name     string
	Base     string // address of the page, under which its forms are
	Self     bool
	Disabled bool
	Created  Moment
	Updated  Moment
	Role     Input
	Roles    []Choice
	Wrong    string
	Given    *Secret // the password that was just set
}

// TokensPage lists API and device tokens, and makes one.
type TokensPage struct {
	Frame
	Tokens  []TokenRow
	Label   Input
	May     Input
	Mays    []Choice
	Types   Input
	Names   []Choice // of types
	Expires Input
	Lives   []Choice
	Wrong   string
	Given   *Secret // the token that was just made
	Limited bool    // the asker came with a token, which makes no tokens
}

// TokenRow is one token in the list.
type TokenRow struct {
	Label, Kind, Person string
	May                 []string
	Used                Moment
	Expires             Moment
	Revoke              string
}

// EnrolPage makes a code that gives a device to a person.
type EnrolPage struct {
	Frame
	Person Input
	People []Choice // empty: for oneself
	Wrong  string
	Given  *Code
}

// Code is an enrolment code, shown once.
type Code struct {
	Text, Person string
	Until        Moment
	App          string // address of the app
	QR           *QR    // of the app's address with the code
	Near         bool   // the address is one that only this machine reaches
}

// QR is a QR code: black squares on Size by Size white ones, the quiet zone included,
// as the path of an SVG.
type QR struct {
	Size int
	Path string
}
