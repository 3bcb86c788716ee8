package people

import "github.com/fieldstack/fieldstack/templates"

// PeoplePage lists the accounts, and adds one.
type PeoplePage struct {
	templates.Frame
	Search templates.Input
	Role   string // only people of this role, "" for all
	Filter []templates.Tab
	People []PersonRow
	Count  string
	Name   templates.Input
	NewAs  templates.Input
	Roles  []templates.Choice
	Wrong  string
	Made   *Begun // the account that was just made
}

// PersonRow is one account in the list.
type PersonRow struct {
	Name, Role, Href string
	Disabled, Self   bool
	Seen             templates.Moment // when they were last heard of
	Devices          string           // how many, "" for none
	Unsent           string           // what waits on them, "" for nothing
}

// Begun is how a person begins: their password, and a code for their phone.
type Begun struct {
	Name, Href string
	Password   templates.Secret
	Code       *Code
}

// PersonPage changes one account.
type PersonPage struct {
	templates.Frame
	Name, RoleName string
	Base           string // address of the page, under which its forms are
	Self, Disabled bool
	Created        templates.Moment
	Updated        templates.Moment
	Seen           templates.Moment
	Role           templates.Input
	Roles          []templates.Choice
	Devices        []DeviceRow
	Wrong          string
	Given          *templates.Secret // the password that was just set
	Code           *Code             // the code that was just made
}

// Code is an enrolment code, shown once.
type Code struct {
	ID           string // of the element that holds it
	Text, Person string
	Until        templates.Moment
	App          string        // address of the app
	QR           *templates.QR // of the app's address with the code
	Near         bool          // the address is one that only this machine reaches
}

// EnrolPage makes a code that gives a device to a person.
type EnrolPage struct {
	templates.Frame
	Person templates.Input
	People []templates.Choice // empty: for oneself
	Wrong  string
	Given  *Code
}

// DevicesPage lists where people work.
type DevicesPage struct {
	templates.Frame
	Lead    string
	Search  templates.Input
	Filter  []templates.Tab
	Devices []DeviceRow
	None    bool // there are none at all
	Owners  bool // whose a device is is said
}

// DeviceRow is one device.
type DeviceRow struct {
	Label, Person string
	Kind          string // "enrolled", "browser", …
	App           string
	Seen          templates.Moment
	Unsent        string // "3 changes wait, the oldest from 2 h ago"; "" for none
	Refused       string
	Unknown       bool // it does not say what waits on it
	Behind        []string
	Gone          string // why it cannot sync any more, "" where it can
	SignOut       string // address of the page that asks whether to sign it out, "" where one may not
	User, Replica string // to take it off the list; "" where one may not
}

// TokensPage lists the tokens of programs, and makes one.
type TokensPage struct {
	templates.Frame
	Tokens  []TokenRow
	Label   templates.Input
	May     templates.Input
	Mays    []templates.Choice
	Types   templates.Input
	Names   []templates.Choice // of types
	Expires templates.Input
	Lives   []templates.Choice
	Wrong   string
	Given   *templates.Secret // the token that was just made
	Limited bool              // the asker came with a token, which makes no tokens
}

// TokenRow is one token in the list.
type TokenRow struct {
	Label, Person string
	May           []string
	Used          templates.Moment
	Expires       templates.Moment
	Revoke        string
}
