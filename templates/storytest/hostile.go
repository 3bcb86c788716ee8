package storytest

import (
	"bytes"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/words"
)

// hostile are strings that would do something if a slot did not escape them: as text,
// inside an attribute, in place of an attribute, as an address.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><script>alert(1)</script>`,
	`'><img src=x onerror=alert(1)>`,
	`" onmouseover="alert(1)" x="`,
	`' autofocus onfocus='alert(1)`,
	`x onfocus=alert(1) y`,
	`</textarea><script>alert(1)</script>`,
	`</title><svg onload=alert(1)>`,
	`<!--<script>alert(1)//-->`,
	`javascript:alert(1)`,
	` javascript:alert(1)`,
	"java\tscript:alert(1)",
	`JaVaScRiPt://x%0aalert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`vbscript:msgbox(1)`,
	`<a href="javascript:alert(1)">x</a>`,
	`<iframe srcdoc="<script>alert(1)</script>">`,
	`<style>*{background:url(//evil.example)}</style>`,
	`{{constructor.constructor('alert(1)')()}}`,
	"\u2028<script>alert(1)</script>\u2029",
}

// resist puts each of them into every string of the story. The page that comes of it
// has the elements and attributes of our templates and no others.
func resist(t *testing.T, s story.Story) {
	for _, bad := range hostile {
		model := poisoned(reflect.ValueOf(s.Model), bad).Interface()
		for _, fault := range Dangers(t, rendered(t, s.With(model), words.English)) {
			t.Errorf("with %q: %s", bad, fault)
		}
	}
}

// poisoned copies a model with every plain string replaced. Named string types are
// chosen by our code from its own constants, never filled from outside.
func poisoned(v reflect.Value, bad string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			out.SetString(bad)
		} else {
			out.Set(v)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[templates.Static]() {
			return v
		}
		for i := range v.NumField() {
			out.Field(i).Set(poisoned(v.Field(i), bad))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), 0, v.Len()))
			for i := range v.Len() {
				out.Set(reflect.Append(out, poisoned(v.Index(i), bad)))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(poisoned(v.Elem(), bad))
		}
	default:
		out.Set(v)
	}
	return out
}

// elements are all that our templates write.
var elements = set(`html head body meta title link script a header main footer nav div section h1 h2 h3 h4 p span strong code pre
	ul ol li dl dt dd table thead tbody tr th td form colgroup col input button select option textarea label fieldset legend
	article details summary time svg g rect use path br progress aside`)

// attributes are all that our templates write, beside those that begin with data-: they
// do nothing by themselves.
var attributes = set(`lang charset name content rel href src defer type class id title datetime method action enctype value for required checked
	selected hidden tabindex role scope rows autocomplete autocapitalize autofocus spellcheck placeholder accept aria-label
	aria-labelledby aria-describedby aria-current aria-pressed aria-hidden aria-invalid aria-sort aria-rowcount width open disabled
	maxlength hx-get hx-trigger hx-select hx-target hx-swap hx-select-oob focusable preserveaspectratio x y height download viewbox d hx-ext hx-post hx-include hx-sync
	hx-vals formnovalidate inputmode aria-live max data-most data-too-large target form aria-multiselectable`)

func set(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(text) {
		all[w] = true
	}
	return all
}

// Dangers lists what a page holds that our templates never write.
func Dangers(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for n := range root.Descendants() {
		switch n.Type {
		case html.CommentNode:
			found = append(found, "a comment "+n.Data)
		case html.ElementNode:
			found = append(found, dangersOf(n)...)
		}
	}
	return found
}

func dangersOf(n *html.Node) []string {
	var found []string
	if !elements[n.Data] {
		found = append(found, "an element "+n.Data)
	}
	sourced := false
	for _, a := range n.Attr {
		key := strings.ToLower(a.Key)
		if !attributes[key] && !strings.HasPrefix(key, "data-") {
			found = append(found, "an attribute "+a.Key)
		}
		if (key == "href" || key == "action" || key == "src") && !safeAddress(a.Val) {
			found = append(found, "an address "+a.Val)
		}
		sourced = sourced || key == "src" && ours(a.Val)
	}
	if n.Data == "script" && (!sourced || n.FirstChild != nil) {
		found = append(found, "a script")
	}
	return found
}

// ours reports whether a script comes from a file of ours, whatever a model names.
func ours(src string) bool {
	return strings.HasPrefix(src, "/admin/static/") || strings.HasPrefix(src, "/app/")
}

// safeAddress is how a browser reads an address: spaces around it and line breaks and
// tabs within it do not count. What names no scheme stays on this site.
func safeAddress(text string) bool {
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(text))
	scheme, _, has := strings.Cut(text, ":")
	if !has || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" || strings.HasPrefix(text, "about:invalid"))
}
