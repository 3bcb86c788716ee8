package studio_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/studio"
)

// says lists changes as lines.
func says(changes []studio.Change) []string {
	var list []string
	for _, c := range changes {
		list = append(list, c.Kind+": "+c.Says.String())
	}
	return list
}

func TestCompare_InWords(t *testing.T) {
	was := visit(t)
	is := was
	for _, c := range []studio.Command{
		{Do: "set", Path: path("hours"), Setting: "label", From: "Hours", Value: "Hours worked"},
		{Do: "set", Path: path("hours"), Setting: "maximum", Value: 24},
		{Do: "set", Path: path("part_number"), Setting: "max-length", From: 200, Value: 300},
		{Do: "set-required-when", Path: path("part_number"), Value: condition(t, `{"field":"status","is":"waiting_for_parts"}`)},
		{Do: "set-condition", Path: path("site"), Value: condition(t, `{"field":"hours","above":2}`)},
		{Do: "set-choice", Path: path("status"), Value: "done", From: "Done", Label: "Finished"},
		{Do: "add-choice", Path: path("status"), Label: "Refused"},
		{Do: "remove-choice", Path: path("status"), Value: "open"},
		{Do: "add", Kind: studio.Date, Label: "Due", After: "status"},
		{Do: "set", Path: path("due"), Setting: "required", Value: true},
		{Do: "remove", Path: path("parts", "*", "broken")},
		{Do: "move", Path: path("hours"), After: ""},
		{Do: "set-title", From: "Visit", Value: "Site visit"},
	} {
		is = do(t, is, c)
	}
	want := []string{
		"other: The type is now called Site visit; it was Visit.",
		"other: Hours is now called Hours worked.",
		"narrower: Hours worked: “At most” is now 24.",
		"other: The choice Done of Status is now called Finished.",
		"wider: Status can also be Refused.",
		"narrower: Status can no longer be Open.",
		"new: Due is new (Date), and required.",
		`narrower: Part number is now required when Status is "Waiting for parts".`,
		"wider: Part number: “Characters at most” is now 300; it was 200.",
		"other: Site is now shown only when Hours worked is above 2.",
		"gone: Broken in Parts is taken out. What records hold in it stays, and it can come back.",
		"other: The fields stand in another order.",
	}
	changes, rest := studio.Impact(was, is, []studio.Count{
		{Path: path("due"), Rule: "required", Records: 9, New: 9},
		{Path: path("hours"), Rule: "maximum", Records: 3, New: 2},
		{Path: path("hours"), Rule: "type", Records: 1},
	})
	if diff := cmp.Diff(want, says(changes)); diff != "" {
		t.Errorf("it says\n%s", diff)
	}
	for _, c := range changes {
		if strings.Contains(c.Says.String(), "Due") && (c.Records != 9 || c.Devices.String() == "") || strings.Contains(c.Says.String(), "“At most” is now 24") && c.Records != 2 {
			t.Errorf("%+v", c)
		}
	}
	if len(rest) != 1 || rest[0].Rule != "type" {
		t.Errorf("the rest is %v", rest)
	}
	if got := studio.Compare(is, is); got != nil {
		t.Errorf("nothing changed: %v", got)
	}
	// What may not be published is said as that.
	other := do(t, was, studio.Command{Do: "set", Path: path("status"), Setting: "merge", From: "register", Value: "conflict"})
	if got := says(studio.Compare(was, other)); len(got) != 1 || !strings.HasPrefix(got[0], "refused: Status merges as") {
		t.Errorf("it says %v", got)
	}
}
