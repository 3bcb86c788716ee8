package office

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
)

// HooksPage lists the webhooks.
type HooksPage struct {
	Frame templates.Frame
	Tabs  []templates.Tab
	Hooks []HookLine
}

// HookLine is one webhook among others.
type HookLine struct {
	Name, Href string
	Address    string
	Chooses    string // in words: which events of which types
	State      HookState
	Taken      templates.Moment // when the last message was taken
}

// HookState is how a webhook does.
type HookState struct {
	Kind  StateKind
	Text  string // "On", "Trying again", "Paused", "Off"
	Fault string // what is wrong, a sentence
}

// StateKind chooses how a state looks.
type StateKind string

// The kinds of states.
const (
	StateGood StateKind = "good"
	StateWarn StateKind = "warn"
	StateBad  StateKind = "bad"
	StateOff  StateKind = "off"
)

// HookPage shows one webhook.
type HookPage struct {
	Frame      templates.Frame
	Name       string
	Path       string // of its pages
	Address    string
	Chooses    string
	Where      string // the condition, in words; "" for none
	By         string // whose it is
	State      HookState
	Next       templates.Moment // when it is tried again
	Waiting    bool             // a message is not taken: it may be tried now, or passed over
	Paused     bool
	Result     *Delivery // what came of a test or of sending again, just now
	Secret     *templates.Secret
	Deliveries []Delivery
}

// Delivery is one attempt to send a message.
type Delivery struct {
	Href   string
	When   templates.Moment
	Kind   string // record.created, test, …
	OK     bool
	Answer string // "200", "no answer"
	Took   string
	Record string
	Link   string // of the record's page
	Fault  string
	Try    string // "3rd attempt"; "" for the first
}

// DeliveryPage shows an attempt with all that is known of it.
type DeliveryPage struct {
	Frame   templates.Frame
	Path    string // of the webhook
	Line    Delivery
	Message string // id
	Body    string // beginning of what the endpoint answered
	Next    templates.Moment
	Again   string // where to send it again; "" where it cannot be
}

// HookFormPage makes a webhook, or changes one.
type HookFormPage struct {
	Frame   templates.Frame
	Heading string
	Action  string
	Back    string
	Do      string
	Saw     string // the webhook as it was when the form was made, for what others change meanwhile
	Wrong   string
	Name    templates.Input
	URL     templates.Input
	Events  templates.Input
	Event   []templates.Choice
	Types   templates.Input
	Type    []templates.Choice
	Where   templates.Input
	Rows    *condition.Model // of the condition; nil: none can be made, or none is there
	Enabled templates.Input
	On      []templates.Choice
}
