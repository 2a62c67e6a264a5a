// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

// Who may import whom stands here, from the bottom up; ArchitectureTests holds the pure targets to it.
let package = Package(
  name: "cathlog",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "cathlog", targets: ["cathlog"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Of its traits none: the file of settings is read as strictly as the log's own JSON.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Texts into the binary: tables of codes, migrations.
    .executableTarget(name: "embed-texts", path: "Sources/Embedding/Tool", swiftSettings: strict),
    .plugin(
      name: "EmbedTexts", capability: .buildTool(), dependencies: ["embed-texts"],
      path: "Sources/Embedding/Plugin"),

    // Pure: no input or output, no clock, no chance.
    .target(name: "Procedures", swiftSettings: strict, plugins: ["EmbedTexts"]),
    .target(
      name: "Charges",
      dependencies: ["Procedures", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict, plugins: ["EmbedTexts"]),
    .target(
      name: "Evidence", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(name: "Exchange", dependencies: ["Charges", "Procedures"], swiftSettings: strict),
    .target(name: "Simulation", dependencies: ["Procedures"], swiftSettings: strict),

    // PostgreSQL.
    .systemLibrary(
      name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: strict),
    .target(
      name: "LocalPostgres",
      dependencies: [
        "Postgres",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: strict),

    .target(name: "Schema", path: "schema", swiftSettings: strict, plugins: ["EmbedTexts"]),

    // The log.
    .target(
      name: "Store",
      dependencies: [
        "Evidence", "Postgres", "Procedures", "Schema",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: strict),

    // What an operator can set.
    .target(
      name: "Settings",
      dependencies: [
        "API", "Exchange", "Postgres", "Procedures", "Projectors", "Store",
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),

    // The program.
    .executableTarget(
      name: "cathlog",
      dependencies: [
        "API", "Charges", "Exchange", "LocalPostgres", "Postgres", "Procedures", "Projectors",
        "Settings", "Simulation", "Store",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], path: "Sources/Command", swiftSettings: strict),

    // Benchmarks.
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "Charges", "Postgres", "Procedures", "Projectors", "Simulation", "Store",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], path: "Benchmarks/Program", swiftSettings: strict),

    // The edge over HTTP.
    .target(
      name: "API",
      dependencies: [
        "Charges", "Exchange", "Postgres", "Procedures", "Projectors", "Store",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], swiftSettings: strict, plugins: ["EmbedTexts"]),

    // Read models.
    .target(
      name: "Projectors",
      dependencies: [
        "Charges", "Postgres", "Procedures", "Store",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),

    // Tests.
    .testTarget(name: "ProceduresTests", dependencies: ["Procedures"], swiftSettings: strict),
    .testTarget(
      name: "SchemaTests",
      dependencies: ["Postgres", "Procedures", "Schema", "Store", "TestDatabase"],
      swiftSettings: strict),
    .testTarget(
      name: "ChargesTests", dependencies: ["Charges", "Procedures", "Simulation"],
      // The properties are tried on optimized charges; over the tables of rules themselves the
      // optimizer would sit for minutes.
      swiftSettings: strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]),
    .testTarget(
      name: "ExchangeTests", dependencies: ["Charges", "Exchange", "Procedures"],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Charges", "Procedures", "Simulation", .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: strict),
    .testTarget(
      name: "OracleTests",
      dependencies: [
        "Charges", "Postgres", "Procedures", "Simulation", "Store", "TestDatabase",
      ], exclude: ["agreement.sql", "oracle.sql", "tables.sql"], swiftSettings: strict),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    .testTarget(
      name: "ProjectorsTests",
      dependencies: [
        "Charges", "Postgres", "Procedures", "Projectors", "Store", "TestDatabase",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Evidence", "Postgres", "Procedures", "Store", "TestDatabase",
        .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: strict),
    .testTarget(
      name: "SettingsTests",
      dependencies: [
        "API", "Postgres", "Procedures", "Projectors", "Settings", "Store",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: strict),
    .testTarget(
      name: "LocalPostgresTests",
      dependencies: [
        "LocalPostgres", "Postgres", "TestDatabase",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: strict),
    .target(
      name: "TestDatabase",
      dependencies: ["LocalPostgres", .product(name: "Subprocess", package: "swift-subprocess")],
      path: "Tests/TestDatabase", swiftSettings: strict),

    .testTarget(
      name: "APITests",
      dependencies: [
        "API", "Charges", "Exchange", "Postgres", "Procedures", "Projectors", "Store",
        "TestDatabase",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
