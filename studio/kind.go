package studio

import "slices"

// Kind is what a field is, in work words.
type Kind string

// The kinds of fields.
const (
	ShortText   Kind = "short-text"
	LongText    Kind = "long-text"
	Number      Kind = "number"
	Counter     Kind = "counter"
	Meter       Kind = "meter"
	YesNo       Kind = "yes-no"
	ChoiceOfOne Kind = "choice"
	Choices     Kind = "choices"
	Tags        Kind = "tags"
	Date        Kind = "date"
	DateTime    Kind = "date-time"
	Time        Kind = "time"
	Email       Kind = "email"
	Phone       Kind = "phone"
	Link        Kind = "link"
	Address     Kind = "address"
	Location    Kind = "location"
	Rows        Kind = "rows"
	Checklist   Kind = "checklist"
	Person      Kind = "person"
	Reference   Kind = "reference"
	Group       Kind = "group"
	Series      Kind = "number-series"
	Section     Kind = "section" // a heading; only to add, no field is one
	Other       Kind = "other"   // made by hand: shown, and edited as JSON
)

// KindInfo is a kind as the gallery shows it.
type KindInfo struct {
	Kind     Kind
	Group    string // Text, Numbers, Choices, When, Who and where, Structure
	Title    string // "Short text"
	About    string // one line: what it is for
	Icon     string // the name of its icon
	Example  string // JSON of such a field
	Settings []Setting
	Holds    bool // has fields of its own: add with its path (rows: its path and "*")
}

// Kinds lists the gallery, in order. The caller owns the list, not what it holds.
func Kinds() []KindInfo {
	return slices.Clone(gallery)
}

// InfoOf finds a kind; that of [Other] for one that is not known.
func InfoOf(k Kind) KindInfo {
	for _, info := range gallery {
		if info.Kind == k {
			return info
		}
	}
	return madeByHand
}

var madeByHand = KindInfo{Kind: Other, Group: "Structure", Title: "Made by hand", About: "Written as JSON Schema.", Icon: "code", Settings: []Setting{jsonSetting}}

// gallery holds all kinds; see kindof.go for how each is recognised.
var gallery = []KindInfo{
	{ShortText, "Text", "Short text", "A name, a number plate, one line.", "text", `{"type":"string","maxLength":200}`, textSettings, false},
	{LongText, "Text", "Long text", "Notes that several people can write in at once.", "notes", `{"type":"string","contentMediaType":"text/plain"}`, longTextSettings, false},
	{Email, "Text", "Email", "An email address.", "email", `{"type":"string","format":"email"}`, addressedSettings, false},
	{Phone, "Text", "Phone", "A telephone number, dialled with a tap.", "phone", `{"type":"string","x-input":"phone","maxLength":40}`, phoneSettings, false},
	{Link, "Text", "Link", "A web address.", "link", `{"type":"string","format":"uri"}`, addressedSettings, false},
	{Series, "Text", "Number series", "WO-0001, WO-0002: the server gives the next one.", "series", `{"type":"string","x-serial":"{0000}"}`, seriesSettings, false},

	{Number, "Numbers", "Number", "A length, a price, a temperature.", "number", `{"type":"number"}`, numberSettings, false},
	{Counter, "Numbers", "Counter", "A count that several people add to; all amounts add up.", "counter", `{"type":"integer","x-merge":"counter"}`, counterSettings, false},
	{Meter, "Numbers", "Meter reading", "A reading that only grows: the larger one stays.", "meter", `{"type":"number","x-merge":"max"}`, meterSettings, false},

	{YesNo, "Choices", "Yes or no", "One thing that is so or is not.", "yesno", `{"type":"boolean"}`, yesNoSettings, false},
	{ChoiceOfOne, "Choices", "Choice", "One of a list, such as a status.", "choice", `{"type":"string","x-input":"choice"}`, choiceSettings, false},
	{Choices, "Choices", "Multiple choice", "Any of a list.", "choices", `{"type":"array","uniqueItems":true,"items":{"type":"string","x-input":"choice"}}`, choicesSettings, false},
	{Tags, "Choices", "Tags", "Any words, as many as needed.", "tags", `{"type":"array","uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":60}}`, tagsSettings, false},
	{Checklist, "Choices", "Checklist", "Steps to tick off; two people can tick different ones.", "checklist", `{"type":"object","x-input":"checklist","properties":{}}`, commonSettings, true},

	{Date, "When", "Date", "A day.", "date", `{"type":"string","format":"date"}`, momentSettings, false},
	{DateTime, "When", "Date and time", "A moment.", "datetime", `{"type":"string","format":"date-time"}`, momentSettings, false},
	{Time, "When", "Time of day", "A time, without a day.", "time", `{"type":"string","format":"time"}`, momentSettings, false},

	{Person, "Who and where", "Person", "Somebody who signs in here.", "person", `{"type":"string","x-input":"person"}`, plainSettings, false},
	{Address, "Who and where", "Address", "Street, postcode, town and country.", "address", `{"type":"object","x-input":"address","properties":{"street":{"title":"Street and number","type":"string","maxLength":200},"postcode":{"title":"Postcode","type":"string","maxLength":20},"town":{"title":"Town","type":"string","maxLength":100},"country":{"title":"Country","type":"string","maxLength":100}}}`, commonSettings, true},
	{Location, "Who and where", "Location", "Where it is, from the phone's own position.", "place", `{"type":"object","x-atomic":true,"required":["lat","lon"],"properties":{"lat":{"title":"Latitude","type":"number","minimum":-90,"maximum":90},"lon":{"title":"Longitude","type":"number","minimum":-180,"maximum":180}}}`, commonSettings, false},
	{Reference, "Who and where", "Reference to another record", "A record of another type, such as the asset that was repaired.", "reference", `{"type":"string","x-input":"reference"}`, referenceSettings, false},

	{Rows, "Structure", "Rows", "A table, such as the parts that were used.", "rows", `{"type":"array","items":{"type":"object","properties":{}}}`, rowsSettings, true},
	{Group, "Structure", "Group", "Fields that belong together.", "group", `{"type":"object","properties":{}}`, commonSettings, true},
	{Section, "Structure", "Section", "A heading over the fields that follow.", "section", ``, nil, false},
}
