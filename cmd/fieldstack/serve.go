package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/internal/sqlite"
	"github.com/fieldstack/fieldstack/internal/web"
)

func serveCommand() *cobra.Command {
	var c serverConfig
	var demo bool
	var importMiB, backupMiB int64
	var proxies []string
	var logFormat, logLevel string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `serve runs the server on one data folder until it is told to stop. The first time,
it prints a link with which the owner's account is made: there is no default password.

With --demo it fills an empty store with a type, sixty records and three people, whose
passwords it prints; without --data that store is thrown away at the end.

With --store, everything is kept in a MongoDB database, and several servers may run on
it, behind a proxy that sends each request to any of them. Let that proxy keep a browser
at one server while it can: a file that is being imported is at the server it was sent to.

It speaks plain HTTP. To be reached from other machines, put a proxy before it that
speaks TLS, and name that one with --trusted-proxy.`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if c.Proxies, err = parseProxies(proxies); err != nil {
				return err
			}
			for _, origin := range c.Origins {
				if err := web.CheckOrigin(origin); err != nil {
					return fmt.Errorf("--allow-origin: %w", err)
				}
			}
			if c.Log, err = newLogger(cmd.ErrOrStderr(), logFormat, logLevel); err != nil {
				return err
			}
			if demo && !cmd.Flags().Changed("data") {
				if c.Data, err = os.MkdirTemp("", "fieldstack-demo-"); err != nil {
					return err
				}
				defer os.RemoveAll(c.Data)
			}
			if importMiB < 1 || backupMiB < 1 {
				return errors.New("--import-limit and --backup-limit: give a number of MiB, at least 1")
			}
			if c.DrainDelay < 0 || c.DrainTime <= 0 || c.DrainDelay > mostDrain || c.DrainTime > mostDrain {
				return fmt.Errorf("--drain-delay and --drain-time: give a time such as 5s, at most %s", mostDrain)
			}
			if c.Store != "" {
				if err := checkStoreURI(c.Store); err != nil {
					return err
				}
				if c.Keep > 0 && cmd.Flags().Changed("keep-history") {
					return errors.New("--keep-history: where several servers may share the store, history is kept for ever; leave it out")
				}
				c.Keep = 0
			}
			c.Linger = time.Second
			c.MaxImport, c.MaxBackup = importMiB<<20, backupMiB<<20
			return serve(cmd.Context(), c, demo, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.Data, "data", defaultData, "the data folder; made if it is not there")
	flags.StringVar(&c.Store, "store", "", "a MongoDB database that several servers may share, mongodb://…; --data is then for what this server has for itself")
	flags.StringVar(&c.Name, "name", "", "what this server is called among those that share the store; default the name of the machine")
	flags.StringVar(&c.Listen, "listen", "127.0.0.1:8090", "the address to answer on, host:port")
	flags.StringVar(&c.Metrics, "metrics-listen", "", "an address, host:port, where /metrics is open to whoever reaches it")
	flags.BoolVar(&demo, "demo", false, "fill an empty store with sample data")
	flags.StringSliceVar(&proxies, "trusted-proxy", nil, "address or CIDR of a proxy whose X-Forwarded-* headers are believed")
	flags.BoolVar(&c.Stories, "dev", false, "show /admin/_stories: every page with made-up contents, to anybody, for who works on the pages")
	flags.StringSliceVar(&c.Origins, "allow-origin", nil, "an origin, such as https://app.example, whose pages may use the API with a token; * for any")
	addKeepHistory(flags, &c.Keep)
	flags.BoolVar(&c.PrivateHooks, "private-webhooks", false, "webhooks may call addresses of this machine and of private networks")
	flags.Int64Var(&importMiB, "import-limit", defaultMaxImport, "how large a file that is imported in the browser may be, in MiB")
	flags.Int64Var(&backupMiB, "backup-limit", defaultMaxBackup, "how large a backup that is brought in the browser may be, in MiB")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "when told to stop, serve on for so long and say at /readyz that it goes, so that a proxy notices")
	flags.DurationVar(&c.DrainTime, "drain-time", defaultDrainTime, "how long requests under way may take to finish when the server stops")
	flags.StringVar(&logFormat, "log", "text", "how the log is written: text or json")
	flags.StringVar(&logLevel, "log-level", "warn", "what is logged: debug, info (each request), warn or error")
	return cmd
}

// mostDrain is how long a stop may be put off: whoever manages services kills those that
// take longer than minutes.
const mostDrain = 10 * time.Minute

// serve answers until ctx ends.
func serve(ctx context.Context, c serverConfig, demo bool, out io.Writer) error {
	c.Now = time.Now
	collectLess(ctx)
	for {
		s, err := serveOnce(ctx, c, demo, out)
		if s == nil || err != nil {
			return err
		}
		// The same address again, also where any free port would have done.
		c.Listen, demo = s.address, false
		fmt.Fprintln(out, "Starting anew.")
	}
}

// serveOnce answers until ctx ends, or until it is asked to start anew: then it gives the
// server that was closed.
func serveOnce(ctx context.Context, c serverConfig, demo bool, out io.Writer) (*server, error) {
	s, err := begin(ctx, c, out)
	if err == nil {
		if err = welcome(ctx, s, c, demo, out); err != nil {
			err = errors.Join(err, s.close())
		}
	}
	if err != nil && ctx.Err() != nil {
		return nil, nil // told to stop before it had begun
	}
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("a server is running on %s already: stop that one first, or name another folder with --data (%w)", c.Data, err)
	}
	if err != nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		if c.DrainDelay > 0 {
			fmt.Fprintf(out, "Stopping in %s: until then this server says that it is not ready.\n", c.DrainDelay)
			s.leave(c.DrainDelay)
		}
		fmt.Fprintln(out, "Stopping: finishing what is under way.")
		return nil, s.close()
	case <-s.restart:
		return s, s.close()
	case err := <-s.served:
		s.served <- nil
		return nil, errors.Join(err, s.close())
	}
}

// begin restores what was chosen for this start, and starts.
func begin(ctx context.Context, c serverConfig, out io.Writer) (*server, error) {
	if c.shared() {
		return startServer(ctx, c) // no server restores what others are using
	}
	applied, err := applyRestore(ctx, c)
	if err != nil {
		return nil, err
	}
	switch {
	case applied == nil:
	case applied.Fault != "":
		fmt.Fprintln(out, applied.Fault)
	default:
		fmt.Fprintf(out, "Restored the backup %s. What was there before is in %s.\n", applied.Name, applied.Aside)
	}
	return startServer(ctx, c)
}

// welcome says where to go next: whoever is first is shown the way in.
func welcome(ctx context.Context, s *server, c serverConfig, demo bool, out io.Writer) error {
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	fresh, err := s.accounts.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n\n  Field app     %s/app/\n  Admin pages   %s/admin\n  API           %s/api/openapi.json\n  Data          %s\n%s\n", versionText(), s.URL, s.URL, s.URL, data, s.aboutStore(c))
	if demo {
		empty, err := s.isEmpty(ctx)
		if err != nil {
			return err
		}
		if empty {
			return fillDemo(ctx, s, out)
		}
		fmt.Fprint(out, "This store is in use: no sample data was added.\n\n")
	}
	if fresh {
		others := ""
		if c.shared() {
			others = " Of the links that the servers on this store print each works at every one of them, until there is an owner."
		}
		fmt.Fprintf(out, "This server is new. Open this link once to make the owner's account:%s\n\n  %s/setup?token=%s\n\n", others, s.URL, url.QueryEscape(s.accounts.SetupToken()))
	}
	return nil
}

func newLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var o slog.HandlerOptions
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level is %q: it takes debug, info, warn or error", level)
	}
	o.Level = least
	switch format {
	case "text":
		return slog.New(web.LogRequests(slog.NewTextHandler(w, &o))), nil
	case "json":
		return slog.New(web.LogRequests(slog.NewJSONHandler(w, &o))), nil
	}
	return nil, fmt.Errorf("--log is %q: it takes text or json", format)
}

// parseProxies reads addresses and CIDRs.
func parseProxies(texts []string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, text := range texts {
		if addr, err := netip.ParseAddr(text); err == nil {
			prefixes = append(prefixes, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q is neither an address nor a CIDR such as 10.0.0.0/8", text)
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes, nil
}
