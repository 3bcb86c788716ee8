package studio

import (
	"regexp"
	"slices"
	"strings"
)

// kindOf recognises the kind of a field by its schema.
func kindOf(o *object) Kind {
	if o == nil || o.has("$ref") || o.has("const") {
		return Other
	}
	if o.has("x-serial") {
		return Series
	}
	t := typeOf(o)
	switch {
	case t != "array" && t != "object" && isChoice(o):
		return ChoiceOfOne
	case hasBranches(o):
		return Other
	}
	switch t {
	case "boolean":
		return YesNo
	case "number", "integer":
		return kindOfNumber(o)
	case "string":
		return kindOfText(o)
	case "array":
		return kindOfList(o)
	case "object":
		return kindOfObject(o)
	}
	return Other
}

// typeOf is the one type of a field beside null, "" where there is none.
func typeOf(o *object) string {
	if t := o.text("type"); t != "" {
		return t
	}
	types := slices.DeleteFunc(o.texts("type"), func(t string) bool { return t == "null" })
	if len(types) == 1 {
		return types[0]
	}
	return ""
}

// hasBranches reports whether a schema says things that no setting shows.
func hasBranches(o *object) bool {
	return slices.ContainsFunc([]string{"anyOf", "oneOf", "not"}, o.has)
}

func isChoice(o *object) bool {
	return o.text("x-input") == "choice" && !hasBranches(o) || len(choicesOf(o)) > 0
}

func kindOfNumber(o *object) Kind {
	switch o.text("x-merge") {
	case "counter":
		return Counter
	case "max", "min":
		return Meter
	}
	return Number
}

func kindOfText(o *object) Kind {
	input, format := o.text("x-input"), o.text("format")
	switch {
	case o.has("x-ref") || input == "reference":
		return Reference
	case strings.HasPrefix(o.text("contentMediaType"), "text/"), o.text("x-merge") == "text", input == "long":
		return LongText
	case input == "person":
		return Person
	case input == "phone":
		return Phone
	}
	kinds := map[string]Kind{"date": Date, "date-time": DateTime, "time": Time, "email": Email, "uri": Link}
	if kind, ok := kinds[format]; ok {
		return kind
	}
	return ShortText
}

func kindOfList(o *object) Kind {
	items := o.object("items")
	if items == nil || items.has("$ref") || o.has("prefixItems") {
		return Other
	}
	switch t := typeOf(items); {
	case t == "object" && items.object("properties") != nil && !hasBranches(items):
		return Rows
	case !o.truth("uniqueItems") || t == "array" || t == "object":
		return Other
	case isChoice(items):
		return Choices
	case t != "string" || hasBranches(items):
		return Other
	case items.has("x-ref") || items.text("x-input") == "reference":
		return Reference
	}
	return Tags
}

var (
	latitude  = regexp.MustCompile(`(?i)^lat(itude)?$`)
	longitude = regexp.MustCompile(`(?i)^(lon|lng|long|longitude)$`)
)

func kindOfObject(o *object) Kind {
	properties := o.object("properties")
	switch {
	case properties == nil:
		return Other
	case o.truth("x-atomic"):
		if len(properties.keys) == 2 && slices.ContainsFunc(properties.keys, latitude.MatchString) && slices.ContainsFunc(properties.keys, longitude.MatchString) {
			return Location
		}
		return Other
	case o.has("x-merge") && o.text("x-merge") != "map":
		return Other
	case o.text("x-input") == "address":
		return Address
	case o.text("x-input") == "checklist":
		return Checklist
	}
	return Group
}
