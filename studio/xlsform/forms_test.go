package xlsform_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/xlsform"
)

// book makes a workbook as a form's author does: sheets by name, each of lines of cells
// with | between.
func book(t testing.TB, parts map[string]string) *sheets.Book {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for name, text := range parts {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
			for j, cell := range strings.Split(line, "|") {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue(name, at, strings.TrimSpace(cell)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sheets.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// nurse is a form as a health programme writes one.
var nurse = map[string]string{
	"survey": `
type | name | label::English (en) | label::German (de) | hint::English (en) | required | relevant | constraint | constraint_message::English (en) | default | appearance | read_only | parameters
start | start
deviceid | device
begin group | patient | The patient | Die Patientin
text | name | Name | Name | As on the card | yes
integer | age | Age | Alter |  | yes |  | . >= 0 and . <= 120 | Nobody is older than 120. 
select_one sex | sex | Sex | Geschlecht | | yes | | | | female
integer | weeks | Weeks of pregnancy | | | | \${sex} = 'female' and \${age} > 11 | . < 45
end group
begin_group | visit | The visit
date | day | Day | Tag | | true | | . <= today()
select_multiple symptoms | symptoms | Symptoms | | | | | count-selected(.) <= 3
text | other | Which other? | | | yes | selected(\${symptoms}, 'other')
decimal | temperature | Temperature | | in °C | | | . > 30 and . < 45
range | pain | Pain | | | | | | | 0 | | | start=0 end=10 step=1
rank priorities | order | What first?
geopoint | place | Where
acknowledge | consent | Consent was given | | | yes
image | wound | Photo of the wound
note | thanks | Thank you \${name}
calculate | bmi | | | | | | | | | |
text | remarks | Remarks | | | | not(\${consent} = 'OK') or \${pain} >= 5 | string-length(.) <= 500 | | | multiline
text | code | Code | | | | | regex(., '[A-Z]{2}[0-9]+') | Two letters and digits.
end_group
begin repeat | drugs | Medicines given
text | drug | Medicine | | | yes
integer | dose | Dose | | | | \${drug} != '' | . > 0
text | why | Why so much? | | | yes | \${dose} > 10
text | elsewhere | About the patient | | | | \${age} > 3
end repeat
barcode | stamp | Stamp | | | | | | | | | yes
dateTime | next | Next visit | | | | \${nothing} = 1
`,
	"choices": `
list_name | name | label::English (en) | label::German (de)
sex | female | Female | Weiblich
sex | male | Male | Männlich
symptoms | fever | Fever | Fieber
symptoms | cough | Cough | Husten
symptoms | other | Other | Andere
symptoms | fever | Fever again
priorities | rest | Rest
priorities | drug | Medicine
`,
	"settings": `
form_title | form_id | version | default_language | style
Nurse visit | nurse_visit | 3 | English (en) | pages
`,
}

func plain(parts map[string]string) map[string]string {
	clean := map[string]string{}
	for name, text := range parts {
		clean[name] = strings.ReplaceAll(text, `\$`, "$")
	}
	return clean
}

func TestReadNurseVisit(t *testing.T) {
	form, err := xlsform.Read(book(t, plain(nurse)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.Parse(form.Schema)
	if err != nil {
		t.Fatal(err)
	}
	if form.Title != "Nurse visit" || s.Title() != "Nurse visit" {
		t.Error(form.Title)
	}
	var got []string
	for _, f := range s.Fields() {
		got = append(got, strings.Join(f.Path, "/")+" "+f.Type+" "+string(f.Strategy))
	}
	want := []string{
		"name string register", "age integer register", "sex string register", "weeks integer register", "day string register", "symptoms array set", "other string register",
		"temperature number register", "pain integer register", "order array list", "order/* string register", "place object register", "consent boolean register", "remarks string register", "code string register",
		"drugs array list", "drugs/* object map", "drugs/*/drug string register", "drugs/*/dose integer register", "drugs/*/why string register", "drugs/*/elsewhere string register",
		"stamp string register", "next string register",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var doc struct {
		Required   []string
		Properties map[string]map[string]any
	}
	if err := json.Unmarshal(form.Schema, &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"name":     `{"description":"As on the card","title":"Name","type":"string","x-section":"The patient"}`,
		"age":      `{"maximum":120,"minimum":0,"title":"Age","type":"integer","x-error":"Nobody is older than 120."}`,
		"sex":      `{"default":"female","oneOf":[{"const":"female","title":"Female"},{"const":"male","title":"Male"}],"title":"Sex","type":"string"}`,
		"weeks":    `{"exclusiveMaximum":45,"title":"Weeks of pregnancy","type":"integer","x-when":{"all":[{"field":"sex","is":"female"},{"above":11,"field":"age"}]}}`,
		"day":      `{"format":"date","title":"Day","type":"string","x-section":"The visit"}`,
		"symptoms": `{"items":{"oneOf":[{"const":"fever","title":"Fever"},{"const":"cough","title":"Cough"},{"const":"other","title":"Other"}],"type":"string"},"maxItems":3,"title":"Symptoms","type":"array","uniqueItems":true}`,
		"pain":     `{"default":0,"maximum":10,"minimum":0,"title":"Pain","type":"integer"}`,
		"remarks":  `{"maxLength":500,"title":"Remarks","type":"string","x-input":"long","x-when":{"any":[{"none":[{"field":"consent","is":true}]},{"field":"pain","from":5}]}}`,
		"code":     `{"pattern":"^([A-Z]{2}[0-9]+)$","title":"Code","type":"string","x-error":"Two letters and digits."}`,
		"stamp":    `{"readOnly":true,"title":"Stamp","type":"string"}`,
		"next":     `{"format":"date-time","title":"Next visit","type":"string"}`,
	} {
		text, err := json.Marshal(doc.Properties[path])
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		e := json.NewEncoder(&got)
		e.SetEscapeHTML(false)
		if err := e.Encode(doc.Properties[path]); err != nil {
			t.Fatal(err, text)
		}
		if strings.TrimSpace(got.String()) != want && path != "drugs" {
			t.Errorf("%s is\n%s, want\n%s", path, got.String(), want)
		}
	}
	if diff := cmp.Diff([]string{"name", "age", "sex", "day", "consent"}, doc.Required); diff != "" {
		t.Error(diff)
	}
	wantNotes(t, form, []string{
		"survey: A form has one language here: english (en). The labels in german (de)", "settings, row 2: The setting style",
		"survey, row 2: Who filled a form in", "survey, row 11: The rule . <= today() is not carried over whole", "survey, row 19: Photos are not there yet",
		"survey, row 20: A text between questions", "survey, row 21: What is calculated", "choices, row 7: The list symptoms has fever twice",
		"survey, row 29: The condition ${age} > 3 is not carried over: ${age} is no question that can be asked about from here.",
		"survey, row 31: Scanning is not there yet", "survey, row 32: The condition ${nothing} = 1 is not carried over",
	})

	// The studio reads it in full, and a hidden field blocks nobody.
	draft, err := studio.Read(form.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range draft.Fields() {
		if f.Key() == "other" && !f.Required {
			t.Error("what is required while it shows is not")
		}
	}
	fits := map[string]any{"name": "A", "age": 30.0, "sex": "male", "day": "2026-11-22", "consent": true}
	if problems := s.Validate(fits); len(problems) > 0 {
		t.Error(problems)
	}
	fits["symptoms"] = []any{"other"}
	if problems := s.Validate(fits); len(problems) != 1 || problems[0].Field != "Which other?" {
		t.Error(problems)
	}
}

func wantNotes(t *testing.T, form *xlsform.Form, want []string) {
	t.Helper()
	var said []string
	for _, n := range form.Notes {
		said = append(said, n.String())
	}
	for _, w := range want {
		found := false
		for _, s := range said {
			found = found || strings.HasPrefix(s, w)
		}
		if !found {
			t.Errorf("no note begins with %q: %q", w, said)
		}
	}
	if len(said) != len(want) {
		t.Errorf("%d notes, not %d:\n%s", len(said), len(want), strings.Join(said, "\n"))
	}
}

// inspection is one that a utility might have, in the older spelling of some columns,
// with groups in groups and repeats in repeats.
var inspection = map[string]string{
	"survey": `
type | name | label | caption | relevance | readonly | required | choice_filter | media::image | bind::odk:length | repeat_count | default | constraint
begin group | site | The site | | | | | | site.png
select one from region | region | Region
select_one town or_other | town | Town | | | | | region=\${region}
begin group | inner | | | \${region} = 'n'
text | note2 | A remark
end group
end group
begin repeat | poles | Poles | | | | | | | | 3
string | id | Id | | | | yes
begin group | inside | The pole
select all that apply from faults | faults | Faults
begin repeat | photos | Photos
image | photo | Photo
end repeat
end group
begin repeat | wires | Wires
int | volts | Volts | | | | | | | | | 230 | . = 110 or . = 230
end repeat
end repeat
select_one nothing | lost | Lost list
integer | id | Another id | | | | \${region} = 's'
integer | bad name | No key
wheel | w | Unknown
text |  | No name
 | x | No type
today | today
text | d | With a default | | | | | | | | | today()
integer | n | With a wrong default | | | | | | | | | many
`,
	"Choices": `
list name | name | label
region | n | North
region | s | South
town | 1 | Bern
town | 2 | Basel
faults | rust | Rust
faults | | No name
`,
}

func TestReadInspection(t *testing.T) {
	form, err := xlsform.Read(book(t, plain(inspection)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.Parse(form.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range s.Fields() {
		got = append(got, strings.Join(f.Path, "/"))
	}
	if diff := cmp.Diff([]string{"region", "town", "note2", "poles", "poles/*", "poles/*/id", "poles/*/faults", "poles/*/wires", "poles/*/wires/*", "poles/*/wires/*/volts", "lost", "id", "d", "n"}, got); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"row 2: What stands in the column media::image", "row 4: “Other” as a choice", "row 4: The filter of the choices", "row 9: The number of rows", "row 11: Rows have no headings",
		"row 14: Photos are not there", "row 13: No question of this repeat", "row 18: The rule . = 110 or . = 230", "row 21: There is no list of choices \"nothing\"", "row 23: The name \"bad name\"", "row 24: The type \"wheel\"",
		"row 25: The name \"\"", "row 26: This row has no type", "row 28: The default today() is worked out", "row 29: The default \"many\" is no number", "choices, row 7: A choice needs"} {
		found := false
		for _, n := range form.Notes {
			found = found || strings.Contains(n.String(), want)
		}
		if !found {
			t.Errorf("no note says %q: %v", want, form.Notes)
		}
	}
	draft, err := studio.Read(form.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range draft.Fields() {
		if f.Key() == "id" && f.RequiredWhen == nil {
			t.Error("a condition for being required is lost")
		}
	}
}

func TestForms_ThatAreNone(t *testing.T) {
	for name, parts := range map[string]map[string]string{
		"There are no questions":         {"choices": "list_name|name\na|b"},
		"This ends what was not begun":   {"survey": "type|name\nend group|\ntext|a"},
		"another kind":                   {"survey": "type|name\nbegin group|g\ntext|a\nend repeat|"},
		"never ended":                    {"survey": "type|name\nbegin group|g\ntext|a"},
		"No question of this form":       {"survey": "type|name\nimage|a"},
		"survey: There are no questions": {"survey": "type|name"},
	} {
		_, err := xlsform.Read(book(t, parts))
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, not %q", err, name)
		}
	}
	if !xlsform.Is(book(t, map[string]string{"Survey": "a"})) || xlsform.Is(book(t, map[string]string{"Orders": "a"})) {
		t.Error("it takes other books for forms")
	}
}
