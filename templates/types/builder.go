package types

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
)

// BuilderPage is the form of a type as it is built.
type BuilderPage struct {
	templates.Frame
	Head     *templates.TypeHead // nil for a type that was never published
	Bar      Bar
	Step     Step
	Gallery  []KindGroup
	Form     []Section
	Adding   *Adding // a new field that has no label yet
	Ways     Ways
	Chosen   *FieldPanel // nil: the type's own settings
	Type     TypePanel
	Tray     []TrayRow
	Wrong    string // what keeps the last command from being made, where no control shows it
	Faults   []Fault
	Rehearse string // where the chosen field, or the type, is rehearsed
	Focus    string // the id of the element that is to have the focus, "" for none
}

// Step is what a narrow screen shows of the builder.
type Step string

// The steps.
const (
	StepForm  Step = "form"
	StepField Step = "field"
	StepAdd   Step = "add"
)

// Ways are the addresses that the builder's script and its forms use.
type Ways struct {
	Form   string // the builder itself; commands are sent there too
	Draft  string // the draft as a type, as JSON
	Place  string // where people at it meet
	Who    string // looks at it
	Schema string
	Gather string // the page with the gallery
}

// Bar says how things stand with the draft.
type Bar struct {
	Title, Name string
	Version     string // in use, "" for a type that was never published
	Draft       bool   // there is one
	By          string
	Saved       templates.Moment
	Faults      int
	Publish     string // where publishing is, "" while there is nothing to publish
	Discard     string
	Undo, Redo  string // what each would take back, "" for nothing
}

// KindGroup is some of the kinds in the gallery.
type KindGroup struct {
	Title string
	Kinds []KindCard
}

// KindCard is one kind that a field can be added of.
type KindCard struct {
	Kind, Title, About, Icon, Href string
	Current                        bool // is being added
}

// Section is a heading of the form with its fields.
type Section struct {
	Title   string // "" for the fields before the first heading
	ID      string
	From    string // JSON of the title, as its editor saw it
	Rows    []Row
	Empty   bool
	AddHref string
	Adding  *Adding // comes first under the heading
	Typed   Typed
}

// Row is one field in the form.
type Row struct {
	ID, At      string // the element's and the field's
	Key         string
	Label, From string
	Icon, Kind  string
	Href        string
	Chosen      bool
	Chips       []Chip
	Merge       string
	Problem     string
	Note        string
	Fixed       bool   // no command changes it
	Stays       bool   // cannot move into a group or out of it: it was published
	Holder      bool   // has fields of its own
	Into        string // where a field is added inside, "" for nowhere
	Inside      string // what fields inside it stand in, encoded
	AddHref     string // chooses a kind to add behind it
	MoreHref    string // adds another of its kind behind it
	Rows        []Row
	Adding      *Adding // comes right after it
	Within      *Adding // comes first inside it
	Typed       Typed
}

// Chip is a short remark on a field.
type Chip struct{ Text, Tone string }

// Typed is what was typed and not taken, with why.
type Typed struct{ Text, Error string }

// Adding is a field that is about to be added, and waits for its label.
type Adding struct {
	Kind, Title, Icon string
	Into, After       string // encoded
	Section           string
	First             bool // stands before all others
	Cancel            string
	Typed             Typed
}

// TypePanel is the settings of the type itself.
type TypePanel struct {
	Title, Help Control
	Icon        Control
}

// FieldPanel is the settings of one field.
type FieldPanel struct {
	At, ID, Name, Key string
	Kind, Icon        string
	About             string
	Fixed             bool
	Groups            []Group
	Problems          []Fault
	Notes             []string
	Back              string
	Kinds             []templates.Choice // what it may be made instead, while it never was published
}

// Group is some settings under a heading.
type Group struct {
	ID, Title string
	Lead      string
	Controls  []Control
	Open      bool
}

// Control is one setting with its form.
type Control struct {
	ID                string
	At, Do, Setting   string
	Name, Title, Hint string
	Input             Input
	Value, From       string
	As                string // how the value is written: text, number, json, yes, lines
	Choices           []templates.Choice
	Ways              []MergeWay
	Editor            *Choices
	Tester            *Tester
	Condition         *Condition
	Error             string
	Clash             *Clash
	Unit              string
	Rehearse          string
}

// Input is how a setting is entered.
type Input string

// The inputs.
const (
	InputText      Input = "text"
	InputLines     Input = "lines"
	InputNumber    Input = "number"
	InputYesNo     Input = "yesno"
	InputSelect    Input = "select"
	InputDate      Input = "date"
	InputMoment    Input = "moment"
	InputTime      Input = "time"
	InputPattern   Input = "pattern"
	InputMerge     Input = "merge"
	InputChoices   Input = "choices"
	InputCondition Input = "condition"
	InputCode      Input = "code"
	InputIcon      Input = "icon"
	InputPlace     Input = "place" // a copy can stand elsewhere, the field itself stays
	InputSays      Input = "says"  // only told, nothing to set
)

// MergeWay is one way to merge that can be chosen.
type MergeWay struct {
	Value, Title, Says string
	Chosen             bool
}

// Choices is the list of a choice's values.
type Choices struct {
	At    string
	Back  string // where nothing is about to go
	List  []ChoiceRow
	Typed Typed // of the one to add
	Focus bool
}

// ChoiceRow is one value of a choice.
type ChoiceRow struct {
	ID          string
	Value       string // JSON
	Label, From string
	Key         string // the value, where the label does not say it
	Published   bool
	Leave       string   // asks before it goes, where records may hold it
	Leaving     bool     // is about to go
	Says        []string // … and what that means
	Typed       Typed
}

// Tester tries a pattern with an example.
type Tester struct {
	Example string
	Tried   bool
	Fits    bool
	Wrong   string
}

// Condition is when a field is shown or required, as a sentence, or as the sentence is
// being made.
type Condition struct {
	Sentence string
	Edit     string // where it is changed, "" for where it cannot be now

	Editor *condition.Model // nil while nobody edits it
	Lead   string
	Clear  string // what the field is without a condition: "Always show it"
	Cancel string
}

// Clash is two people having set one thing to something else.
type Clash struct {
	Mine, Theirs         string // as people read them
	MineValue, TheirFrom string // JSON
	By                   string
}

// TrayRow is a field that can come back.
type TrayRow struct {
	At, Name, Kind, Icon, Told string
}

// Fault is something that keeps the draft from being a type.
type Fault struct {
	Name, Href   string // of the field it is about
	Message, Fix string
}

// ElementID makes an id of a prefix and anything else.
func ElementID(prefix, of string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for _, r := range of {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
			b.WriteString(strconv.FormatInt(int64(r), 16))
		}
	}
	return b.String()
}

// manyFields is how many fields make a form that one searches rather than reads.
const manyFields = 15

// fields is how many fields stand in the form, those inside others not counted.
func (p BuilderPage) fields() (n int) {
	for _, s := range p.Form {
		n += len(s.Rows)
	}
	return n
}

func (c Control) described() string {
	var ids []string
	if c.Hint != "" {
		ids = append(ids, c.ID+"-hint")
	}
	if c.Error != "" {
		ids = append(ids, c.ID+"-error")
	}
	return strings.Join(ids, " ")
}

func truth(is bool) string { return strconv.FormatBool(is) }
