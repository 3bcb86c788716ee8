package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func healthCommand() *cobra.Command {
	var address string
	var alive bool
	var patience time.Duration
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running server whether it can serve; the exit status is the answer",
		Long: `health asks a server's /readyz whether it can serve, and with --alive its /healthz
whether the process answers at all. It ends with status 0 when the answer is yes, and
else with status 1 and what is the matter: for container engines, which have no shell.`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), patience)
			defer cancel()
			path := "/readyz"
			if alive {
				path = "/healthz"
			}
			return askHealth(ctx, strings.TrimRight(address, "/")+path)
		},
	}
	cmd.Flags().StringVar(&address, "at", "http://127.0.0.1:8090", "the address of the server")
	cmd.Flags().BoolVar(&alive, "alive", false, "ask only whether the process answers")
	cmd.Flags().DurationVar(&patience, "patience", 3*time.Second, "how long to wait for the answer")
	return cmd
}

// askHealth gives nil when the answer is yes.
func askHealth(ctx context.Context, at string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return fmt.Errorf("--at: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	if response.StatusCode == http.StatusOK {
		return nil
	}
	var said struct{ Checks map[string]string }
	if json.Unmarshal(text, &said) != nil || len(said.Checks) == 0 {
		return fmt.Errorf("%s answers %s", at, response.Status)
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(said.Checks)) {
		if said.Checks[name] != "ok" {
			wrong = append(wrong, name+": "+said.Checks[name])
		}
	}
	return errors.New("not ready: " + strings.Join(wrong, "; "))
}
