package types

import (
	"context"

	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates/words"
)

// said lists what studio calls its kinds, settings and starters, so that the catalogues
// have it.
func said() []string {
	return []string{
		words.Key("Text"), words.Key("Numbers"), words.Key("Choices"), words.Key("When"), words.Key("Who and where"), words.Key("Structure"),

		words.Key("Short text"), words.Key("A name, a number plate, one line."),
		words.Key("Long text"), words.Key("Notes that several people can write in at once."),
		words.Key("Email"), words.Key("An email address."),
		words.Key("Phone"), words.Key("A telephone number, dialled with a tap."),
		words.Key("Link"), words.Key("A web address."),
		words.Key("Number series"), words.Key("WO-0001, WO-0002: the server gives the next one."),
		words.Key("Number"), words.Key("A length, a price, a temperature."),
		words.Key("Counter"), words.Key("A count that several people add to; all amounts add up."),
		words.Key("Meter reading"), words.Key("A reading that only grows: the larger one stays."),
		words.Key("Yes or no"), words.Key("One thing that is so or is not."),
		words.Key("Choice"), words.Key("One of a list, such as a status."),
		words.Key("Multiple choice"), words.Key("Any of a list."),
		words.Key("Tags"), words.Key("Any words, as many as needed."),
		words.Key("Checklist"), words.Key("Steps to tick off; two people can tick different ones."),
		words.Key("Date"), words.Key("A day."),
		words.Key("Date and time"), words.Key("A moment."),
		words.Key("Time of day"), words.Key("A time, without a day."),
		words.Key("Person"), words.Key("Somebody who signs in here."),
		words.Key("Address"), words.Key("Street, postcode, town and country."),
		words.Key("Location"), words.Key("Where it is, from the phone's own position."),
		words.Key("Reference to another record"), words.Key("A record of another type, such as the asset that was repaired."),
		words.Key("Rows"), words.Key("A table, such as the parts that were used."),
		words.Key("Group"), words.Key("Fields that belong together."),
		words.Key("Section"), words.Key("A heading over the fields that follow."),
		words.Key("Made by hand"), words.Key("Written as JSON Schema."),

		words.Key("At least characters"), words.Key("At most characters"),
		words.Key("Pattern"), words.Key("A regular expression that the text has to match, such as ^[A-Z]{2}-[0-9]{4}$."),
		words.Key("No two records may have the same"),
		words.Key("People often filter or sort by it"), words.Key("Makes that fast among many records."),
		words.Key("Starts as"), words.Key("What a new record begins with."),
		words.Key("When two people edit it offline"),
		words.Key("Error text"), words.Key("Said instead of ours when a value breaks the rules above."),
		words.Key("With headings, lists and bold (Markdown)"),
		words.Key("Form"), words.Key("The digits stand in braces: WO-{0000}."),
		words.Key("Whole numbers only"), words.Key("At least"), words.Key("At most"),
		words.Key("In steps of"), words.Key("0.5 allows halves."),
		words.Key("Unit"), words.Key("Shown after the number: °C, m, kWh."),
		words.Key("At least entries"), words.Key("At most entries"),
		words.Key("Records of"), words.Key("More than one"), words.Key("JSON Schema"),

		words.Key("The newer one wins"), words.Key("Someone picks"), words.Key("Both texts are kept"),
		words.Key("The larger one stays"), words.Key("The smaller one stays"), words.Key("The later one stays"), words.Key("The earlier one stays"),

		words.Key("Work order"), words.Key("One job at one site: parts, hours that add up, a signature."),
		words.Key("Inspection"), words.Key("Measurements, defects, and an outcome that two inspectors may see differently."),
		words.Key("Asset"), words.Key("A machine or vehicle: where it is, what it is, its running hours."),
		words.Key("Incident"), words.Key("What went wrong, who was there, what follows."),
		words.Key("Nurse visit"), words.Key("Vital signs, care, medicines, notes for the next visit."),
		words.Key("Sales visit"), words.Key("Who was there, what was said, what was ordered."),
	}
}

// mergeSaid is the plain line of what happens when two people edit a field offline.
func mergeSaid(ctx context.Context, s string, k studio.Kind) string {
	date := k == studio.Date
	switch {
	case s == "conflict":
		return words.Say(ctx, "Both are kept and shown side by side until someone picks one.")
	case s == "counter":
		return words.Say(ctx, "The amounts that people add or take away all count.")
	case s == "max" && date:
		return words.Say(ctx, "The later date stays, whoever entered it last.")
	case s == "min" && date:
		return words.Say(ctx, "The earlier date stays, whoever entered it last.")
	case s == "max":
		return words.Say(ctx, "The larger one stays, whoever entered it last.")
	case s == "min":
		return words.Say(ctx, "The smaller one stays, whoever entered it last.")
	case s == "text":
		return words.Say(ctx, "What both people typed is kept, each run of it whole.")
	case s == "set":
		return words.Say(ctx, "What anybody adds stays; a removal takes away only what its author saw.")
	case s == "list":
		return words.Say(ctx, "The rows of both stay, and each field of a row merges by itself.")
	case s == "serial":
		return words.Say(ctx, "The server gives the number when it first gets the record; until then a device shows “not numbered yet”.")
	case s == "map":
		return words.Say(ctx, "It merges field by field, so that two people can fill in different parts.")
	case k == studio.Location:
		return words.Say(ctx, "Latitude and longitude stay together: the newer place wins, the other stays in the history.")
	case s == "register":
		return words.Say(ctx, "The newer one wins; the other stays readable in the record's history.")
	}
	return ""
}
