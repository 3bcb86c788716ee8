package crdt

// Limits bound what ParseValue and ParseChange accept. A zero limit means the default.
type Limits struct {
	Bytes  int // length of the text; default 1 MiB
	Depth  int // nesting; default 32
	Nodes  int // values and keys together; default 100,000
	String int // bytes of one string; default 256 KiB
	Ops    int // operations of one change; default 10,000
}

// ValueError says where in a JSON text what is wrong.
type ValueError struct {
	Offset  int    // in bytes
	Path    string // JSON Pointer to the place, "" for the top
	Message string // a sentence
}

func (e *ValueError) Error() string { return e.Message }

// ParseValue reads one JSON text strictly: valid UTF-8, no lone surrogates, no
// duplicate keys, nothing after the value, numbers that a double holds (a whole
// number token beyond ±(2^53-1) and an overflow are refused; -0 becomes 0), within
// the limits. Objects become map[string]any, arrays []any, numbers float64. The
// error is a *ValueError.
func ParseValue(text []byte, limits Limits) (any, error) { panic("todo") }
