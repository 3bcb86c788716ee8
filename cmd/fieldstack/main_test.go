package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestWrongUse says what a person reads who gets it wrong, and that nothing is left
// behind.
func TestWrongUse(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "rows.csv", "a\n1\n")
	writeFile(t, "notes.txt", "a\n1\n")
	for _, c := range []struct{ typed, reads string }{
		{"nope", "there is no command 'fieldstack nope'; 'fieldstack --help' lists"},
		{"user nope", "there is no command 'fieldstack user nope'; 'fieldstack user --help' lists"},
		{"serve --nope", "'fieldstack serve --help' lists the flags"},
		{"export", "write 'fieldstack export TYPE [flags]'"},
		{"type import one", "write 'fieldstack type import NAME FILE [flags]'"},
		{"serve --log xml", "takes text or json"},
		{"serve --log-level loud", "takes debug, info, warn or error"},
		{"serve --keep-history soon", "it takes a number of days such as 400d, or always"},
		{"compact --data elsewhere", "there is no fieldstack in elsewhere"},
		{"serve --trusted-proxy abc", `"abc" is neither an address nor a CIDR such as`},
		{"serve --allow-origin app.example", `"app.example" is no origin: write it like`},
		{"serve --listen nowhere --data served", "give another address with --listen"},
		{"demo --first cleo", "takes anna or ben"},
		{"user list", "there is no fieldstack in fieldstack-data; name its folder with --data"},
		{"type list --data elsewhere", "there is no fieldstack in elsewhere"},
		{"backup b.db --data elsewhere", "there is no fieldstack in elsewhere"},
		{"type list --server 127.0.0.1:8090 --token x", "give the address that a browser takes, such as http://127.0.0.1:8090"},
		{"type list --server http://127.0.0.1:1", "needs --token (or FIELDSTACK_TOKEN): 'fieldstack token create' makes one"},
		{"backup b.db --server http://127.0.0.1:1", "needs --token"},
		{"type list --server http://127.0.0.1:1 --token x", "no answer from http://127.0.0.1:1 (dial tcp 127.0.0.1:1: connect: connection refused): is the server running"},
		{"type list --server http://127.0.0.1:1 --data here", "--data and --server are two places to work on: give one"},
		{"backup b.db --store mongodb://x/y --data here", "--store and --data or --server are two places to work on: give one"},
		{"import nothing.csv", "nothing.csv"},
		{"import notes.txt", "say which it is with --format csv or --format jsonl"},
		{"import rows.csv --format xml", "takes csv or jsonl"},
		{"export x --to notes.txt", "say which it is with --format"},
		{"import rows.csv --rejects rows.csv", "give the rows that do not fit a file of their own"},
		{"restore nothing.db", "nothing.db"},
		{"user add bob --role king", `There is no role "king": use owner, designer, editor or worker.`},
		{"user add bob --role worker --data second", "the first account must be an owner's"},
		{"user add bob --password-stdin --data third", "use at least 8"},
	} {
		t.Run(c.typed, func(t *testing.T) {
			shell{t: t}.fails(strings.Fields(c.typed), c.reads)
		})
	}
	for _, name := range []string{"elsewhere", "b.db", "b.db.part", "here"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was made by a command that failed", name)
		}
	}
}

// TestServer_RefusesToken says what a person reads whose token is wrong, or is of
// somebody who may not.
func TestServer_RefusesToken(t *testing.T) {
	s := startTestServer(t)
	apiToken(t, s, "owner", "owner")
	wrong := shell{t: t, where: []string{"--server", s.URL, "--token", "wrong"}}
	wrong.fails([]string{"type", "list"}, s.URL+" does not take the token", "'fieldstack token create' makes another")
	worker := shell{t: t, where: []string{"--server", s.URL, "--token", apiToken(t, s, "wanda", "worker")}}
	worker.fails([]string{"user", "list"}, "owner")
	worker.fails([]string{"backup", t.TempDir() + "/b.db"}, "owner")
	worker.fails([]string{"token", "create", "wanda"}, "owner")
}

// TestEnvironment: what the environment says of a flag counts unless the command line
// says it.
func TestEnvironment(t *testing.T) {
	s := atFolder(t)
	s.ok("user", "add", "owner")
	s.where = nil
	t.Setenv("FIELDSTACK_DATA_DIR", "data")
	wants(t, s.ok("user", "list"), "owner")
	t.Setenv("FIELDSTACK_ROLE", "editor")
	wants(t, s.ok("user", "add", "eve"), "eve is now an editor.")
	wants(t, s.ok("user", "add", "dan", "--role", "designer"), "dan is now a designer.")
	s.fails([]string{"user", "list", "--data", "other"}, "no fieldstack in other")
	t.Setenv("FIELDSTACK_STORE", "mongodb://127.0.0.1:1/nowhere")
	wants(t, s.ok("backup", "b.db", "--data", "data"), "in b.db.")
	t.Setenv("FIELDSTACK_DAYS", "many")
	s.fails([]string{"token", "create", "owner"}, `FIELDSTACK_DAYS="many" in the environment`)

	running := atServer(t)
	t.Setenv("FIELDSTACK_SERVER", running.where[1])
	t.Setenv("FIELDSTACK_TOKEN", running.where[3])
	if got := s.ok("user", "list"); strings.Contains(got, "dan") {
		t.Errorf("the data folder of the environment went before its server:\n%s", got)
	}
	s.fails([]string{"user", "list", "--data", "other"}, "no fieldstack in other")
}

// TestRun_Stopped: a command that was stopped before it was done has failed.
func TestRun_Stopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var said strings.Builder
	if status := run(ctx, []string{"demo"}, strings.NewReader(""), io.Discard, &said); status != 1 || !strings.HasPrefix(said.String(), "fieldstack: stopped before it was done (") {
		t.Errorf("status %d, %q", status, said.String())
	}
	if status := run(ctx, []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0"}, nil, io.Discard, &said); status != 0 {
		t.Errorf("a server that was told to stop ends with status %d", status)
	}
}

// TestHelp reads every help text: it is there, in lines that a terminal holds, and
// says of every flag what it is for.
func TestHelp(t *testing.T) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		got := shell{t: t}.ok(append(strings.Fields(cmd.CommandPath())[1:], "--help")...)
		wants(t, got, "Usage:\n  "+cmd.CommandPath())
		for _, line := range strings.Split(cmd.Long, "\n") {
			if len(line) > 90 {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), len(line), line)
			}
		}
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s is summed up as %q: want a phrase", cmd.CommandPath(), cmd.Short)
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s: nothing says what it is for", cmd.CommandPath(), f.Name)
			}
		})
		for _, c := range cmd.Commands() {
			walk(c)
		}
	}
	walk(rootCommand())
	wants(t, shell{t: t}.ok("version"), "fieldstack ", " go1.")
}
