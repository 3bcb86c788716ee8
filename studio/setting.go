package studio

import "slices"

// Setting is one thing about a field that can be set by name, with how to ask for it.
type Setting struct {
	Name  string
	Title string
	Hint  string // one line, may be empty
	// Input is how to enter it: text, lines, number, whole (a whole number), yesno,
	// pattern, value (one value of the field itself), merge, type (the name of another
	// type), pick (one of Options), json.
	Input   string
	Options []Option
}

// Option is one value that a setting of input "pick" can have.
type Option struct {
	Value, Title string
}

// The settings that every field has are label, help, required and error, which each
// page shows in a place of its own, with section, condition and required-when.
var (
	jsonSetting = Setting{Name: "json", Title: "JSON Schema", Input: "json"}
	errorText   = Setting{Name: "error", Title: "Error text", Hint: "Said instead of ours when a value breaks the rules above.", Input: "text"}
	preset      = Setting{Name: "default", Title: "Starts as", Hint: "What a new record begins with.", Input: "value"}
	mergeChoice = Setting{Name: "merge", Title: "When two people edit it offline", Input: "merge"}
	index       = Setting{Name: "index", Title: "People often filter or sort by it", Hint: "Makes that fast among many records.", Input: "yesno"}
	unique      = Setting{Name: "unique", Title: "No two records may have the same", Input: "yesno"}
	minLength   = Setting{Name: "min-length", Title: "At least characters", Input: "whole"}
	maxLength   = Setting{Name: "max-length", Title: "At most characters", Input: "whole"}
	pattern     = Setting{Name: "pattern", Title: "Pattern", Hint: "A regular expression that the text has to match, such as ^[A-Z]{2}-[0-9]{4}$.", Input: "pattern"}
	minimum     = Setting{Name: "minimum", Title: "At least", Input: "number"}
	maximum     = Setting{Name: "maximum", Title: "At most", Input: "number"}
	stepBy      = Setting{Name: "step", Title: "In steps of", Hint: "0.5 allows halves.", Input: "number"}
	whole       = Setting{Name: "whole", Title: "Whole numbers only", Input: "yesno"}
	unit        = Setting{Name: "unit", Title: "Unit", Hint: "Shown after the number: °C, m, kWh.", Input: "text"}
	minItems    = Setting{Name: "min-items", Title: "At least entries", Input: "whole"}
	maxItems    = Setting{Name: "max-items", Title: "At most entries", Input: "whole"}
	formatted   = Setting{Name: "formatted", Title: "With headings, lists and bold (Markdown)", Input: "yesno"}
	refersTo    = Setting{Name: "type", Title: "Records of", Input: "type"}
	many        = Setting{Name: "many", Title: "More than one", Input: "yesno"}
	serial      = Setting{Name: "serial", Title: "Form", Hint: "The digits stand in braces: WO-{0000}.", Input: "text"}

	commonSettings    = []Setting{errorText}
	plainSettings     = []Setting{index, mergeChoice, errorText}
	textSettings      = []Setting{minLength, maxLength, pattern, unique, index, preset, mergeChoice, errorText}
	longTextSettings  = []Setting{minLength, maxLength, formatted, mergeChoice, errorText}
	addressedSettings = []Setting{unique, index, preset, mergeChoice, errorText}
	phoneSettings     = []Setting{pattern, unique, index, preset, mergeChoice, errorText}
	seriesSettings    = []Setting{serial}
	numberSettings    = []Setting{whole, minimum, maximum, stepBy, unit, unique, index, preset, mergeChoice, errorText}
	counterSettings   = []Setting{whole, minimum, maximum, unit, preset, errorText}
	meterSettings     = []Setting{whole, minimum, maximum, unit, mergeChoice, errorText}
	yesNoSettings     = []Setting{index, preset, mergeChoice, errorText}
	choiceSettings    = []Setting{index, preset, mergeChoice, errorText}
	choicesSettings   = []Setting{minItems, maxItems, errorText}
	tagsSettings      = []Setting{minItems, maxItems, maxLength, errorText}
	momentSettings    = []Setting{index, preset, mergeChoice, errorText}
	referenceSettings = []Setting{refersTo, many, mergeChoice, errorText}
	rowsSettings      = []Setting{minItems, maxItems, errorText}
)

// has reports whether fields of a kind have a setting.
func (k Kind) has(name string) bool {
	switch name {
	case "label", "help", "required", "json":
		return true
	}
	return slices.ContainsFunc(InfoOf(k).Settings, func(s Setting) bool { return s.Name == name })
}
