package metrics

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"
)

// families are the metrics that are served, with the labels of each.
func families(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	list, err := full(&fakeEngine{}).Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]*dto.MetricFamily{}
	for _, f := range list {
		known[f.GetName()] = f
	}
	return known
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var (
	selector   = regexp.MustCompile(`\b(fieldstack_[a-z0-9_]+|process_[a-z0-9_]+|go_[a-z0-9_]+)(\{[^}]*\})?`)
	matcher    = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)`)
	grouping   = regexp.MustCompile(`\b(?:by|on)\s*\(([^)]*)\)`)
	everywhere = []string{"instance", "job", "le"} // that Prometheus adds, and that of histograms
)

// checkQuery complains of metrics and labels that are not served.
func checkQuery(t *testing.T, where, query string, known map[string]*dto.MetricFamily) {
	t.Helper()
	labels := map[string]bool{}
	for _, found := range selector.FindAllStringSubmatch(query, -1) {
		family := known[found[1]]
		for _, end := range []string{"_bucket", "_count", "_sum"} {
			if base, is := strings.CutSuffix(found[1], end); is && known[base].GetType() == dto.MetricType_HISTOGRAM && known[base] != nil {
				family = known[base]
			}
		}
		if family == nil {
			t.Errorf("%s: nobody serves %s", where, found[1])
			continue
		}
		own := map[string]bool{}
		for _, metric := range family.Metric {
			for _, label := range metric.Label {
				own[label.GetName()], labels[label.GetName()] = true, true
			}
		}
		for _, m := range matcher.FindAllStringSubmatch(found[2], -1) {
			if !own[m[1]] && !slices.Contains(everywhere, m[1]) {
				t.Errorf("%s: %s has no label %s", where, found[1], m[1])
			}
		}
	}
	for _, group := range grouping.FindAllStringSubmatch(query, -1) {
		for label := range strings.SplitSeq(group[1], ",") {
			if label = strings.TrimSpace(label); !labels[label] && !slices.Contains(everywhere, label) {
				t.Errorf("%s: nothing has the label %s", where, label)
			}
		}
	}
	if strings.Count(query, "(") != strings.Count(query, ")") || strings.Count(query, "{") != strings.Count(query, "}") {
		t.Errorf("%s: the brackets do not match: %s", where, query)
	}
}

// Every query of the dashboard is of what is served, and every panel says what it is about.
func TestDashboard(t *testing.T) {
	var board struct {
		UID, Title string
		Panels     []struct {
			ID                       int
			Type, Title, Description string
			GridPos                  struct{ H, W, X, Y int }
			Targets                  []struct{ Expr, RefID string }
		}
	}
	if err := json.Unmarshal(read(t, "deploy", "grafana", "fieldstack.json"), &board); err != nil {
		t.Fatal(err)
	}
	known, ids := families(t), map[int]bool{}
	taken := map[[2]int]string{}
	for _, p := range board.Panels {
		if p.Title == "" || ids[p.ID] || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q: no title, an id that is taken, or beyond the edge", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other := taken[at]; other != "" {
					t.Fatalf("%q lies on %q", p.Title, other)
				}
				taken[at] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if !strings.HasSuffix(p.Description, ".") || len(p.Targets) == 0 {
			t.Errorf("%q: no sentence, or no query", p.Title)
		}
		for _, target := range p.Targets {
			if !strings.Contains(target.Expr, "fieldstack") {
				t.Errorf("%q asks for nothing of ours: %s", p.Title, target.Expr)
			}
			checkQuery(t, p.Title, target.Expr, known)
		}
	}
	if len(ids) < 20 {
		t.Errorf("the dashboard has %d panels", len(ids))
	}
}

// Every alert is about what is served, and says what to do; the docs name each.
func TestAlerts(t *testing.T) {
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(read(t, "deploy", "prometheus", "alerts.yml"), &file); err != nil {
		t.Fatal(err)
	}
	known, docs, names := families(t), string(read(t, "docs", "operations.md")), map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || names[r.Alert] || r.For == "" || r.Labels["severity"] != "page" && r.Labels["severity"] != "ticket" {
				t.Errorf("%q: a name that is taken, or no time or severity", r.Alert)
			}
			names[r.Alert] = true
			for _, text := range []string{"summary", "action"} {
				if !strings.HasSuffix(r.Annotations[text], ".") {
					t.Errorf("%s: the %s is no sentence", r.Alert, text)
				}
			}
			if !strings.Contains(docs, "`"+r.Alert+"`") {
				t.Errorf("docs/operations.md does not say what to do about %s", r.Alert)
			}
			checkQuery(t, r.Alert, r.Expr, known)
		}
	}
	if len(names) < 10 {
		t.Errorf("there are %d alerts", len(names))
	}
}

// The docs name every metric there is, and none that there is not.
func TestDocs(t *testing.T) {
	known, docs := families(t), string(read(t, "docs", "operations.md"))
	for name := range maps.Keys(known) {
		if strings.HasPrefix(name, "fieldstack_") && !strings.Contains(docs, "`"+name) {
			t.Errorf("docs/operations.md does not name %s", name)
		}
	}
	for _, found := range regexp.MustCompile("`(fieldstack_[a-z0-9_]+)").FindAllStringSubmatch(docs, -1) {
		if known[found[1]] == nil {
			t.Errorf("docs/operations.md names %s, which nobody serves", found[1])
		}
	}
}
