package templates

// TypeHead is the top of each page of one type.
type TypeHead struct {
	Name, Title, Description string
	Icon                     string // "" for none
	Version                  string
	Tab                      TypeTab
	Designs                  bool // may edit the draft
	Draft                    bool // there is one
}

// TypeTab is one of a type's pages.
type TypeTab string

// The tabs.
const (
	TabRecords  TypeTab = "records"
	TabForm     TypeTab = "form"
	TabVersions TypeTab = "versions"
	TabRules    TypeTab = "rules"
)

func (h TypeHead) href(rest string) string { return "/admin/types/" + h.Name + rest }
