import { GridProvider } from "@benefit-grid/sdk/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { WagmiProvider } from "wagmi";
import { config } from "./config.ts";
import { deployment } from "./deployment.ts";
import { Page } from "./Page.tsx";

const queries = new QueryClient();

createRoot(document.getElementById("root") as HTMLElement).render(
  <WagmiProvider config={config}>
    <QueryClientProvider client={queries}>
      <GridProvider deployment={deployment}>
        <Page />
      </GridProvider>
    </QueryClientProvider>
  </WagmiProvider>,
);
