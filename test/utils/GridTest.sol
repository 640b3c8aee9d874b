// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {IGuardian} from "../../contracts/governance/IGuardian.sol";
import {ILicenseNFT} from "../../contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../../contracts/licenses/ITermsRegistry.sol";
import {IUsageLedger} from "../../contracts/metering/IUsageLedger.sol";
import {OpenEntry} from "../../contracts/metering/VoucherWords.sol";
import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";
import {Test} from "./Test.sol";
import {IToken} from "./Contracts.sol";

/// @notice The deployed grid with two currencies, verifiers accepting any proof, and helpers.
abstract contract GridTest is Test {
    uint256 internal constant MILLION = 1_000_000;
    uint256 internal constant WINDOW = 3 days;
    uint256 internal constant LAPSE = 180 days;
    uint40 internal constant IRREVOCABLE = type(uint40).max;

    address internal constant ADMIN = address(0xAD01);
    address internal constant COMMONS = address(0xC0);
    address internal constant COUNCIL = address(0xC1);

    ICapsuleRegistry internal capsules;
    ITermsRegistry internal terms;
    ISettlementRouter internal router;
    IGuardian internal guardian;
    ILicenseNFT internal licenses;
    IUsageLedger internal ledger;
    IToken internal usd;
    IToken internal otherUsd;

    constructor() {
        capsules = ICapsuleRegistry(
            deploy("contracts/capsules/CapsuleRegistry.sol:CapsuleRegistry", abi.encode(ADMIN))
        );
        terms = ITermsRegistry(
            deploy(
                "contracts/licenses/TermsRegistry.sol:TermsRegistry",
                abi.encode(capsules, ADMIN, _contexts())
            )
        );
        router = ISettlementRouter(
            deploy(
                "contracts/settlement/SettlementRouter.sol:SettlementRouter",
                abi.encode(capsules, terms, COMMONS, ADMIN)
            )
        );
        // Used for pauses only, so timelock, governor and mine are zero.
        guardian = IGuardian(
            deploy(
                "contracts/governance/Guardian.sol:Guardian",
                abi.encode(address(0), address(0), address(0), COUNCIL, new IGuardian.Permission[](0))
            )
        );
        address metadata = deploy(
            "contracts/licenses/LicenseMetadata.sol:LicenseMetadata",
            abi.encode(capsules, terms)
        );
        licenses = ILicenseNFT(
            deploy(
                "contracts/licenses/LicenseNFT.sol:LicenseNFT",
                abi.encode(capsules, terms, router, guardian, metadata)
            )
        );
        address verifier = deploy("test/mocks/Verifiers.sol:CredulousVerifier", "");
        IUsageLedger.Instance[] memory instances = new IUsageLedger.Instance[](1);
        instances[0] = IUsageLedger.Instance(16, 4, verifier);
        ledger = IUsageLedger(
            deploy(
                "contracts/metering/UsageLedger.sol:UsageLedger",
                abi.encode(licenses, terms, router, guardian, instances, verifier)
            )
        );
        usd = IToken(deploy("contracts/settlement/TestUSD.sol:TestUSD", ""));
        otherUsd = IToken(deploy("contracts/settlement/TestUSD.sol:TestUSD", ""));
        VM.prank(ADMIN);
        router.setLicenses(address(licenses));
        VM.prank(ADMIN);
        capsules.setLicenses(address(licenses));
        VM.prank(ADMIN);
        terms.admitLedger(address(ledger));
    }

    /// @dev A context for each bit.
    function _contexts() private pure returns (ITermsRegistry.Context[] memory contexts) {
        contexts = new ITermsRegistry.Context[](32);
        for (uint256 i; i < contexts.length; ++i) {
            bytes memory name = abi.encodePacked(
                "context-",
                bytes1(uint8(0x61 + i / 6)),
                bytes1(uint8(0x61 + (i % 6)))
            );
            contexts[i] = ITermsRegistry.Context(ITermsRegistry.ContextKind.Purpose, string(name));
        }
    }

    function registration(
        ICapsuleRegistry.ShareRow[] memory rows
    ) internal pure returns (ICapsuleRegistry.Registration memory) {
        return
            ICapsuleRegistry.Registration({
                kind: ICapsuleRegistry.Kind.Data,
                royaltyBps: 0,
                contentHash: keccak256("content"),
                uri: "ipfs://content",
                did: "",
                shares: rows
            });
    }

    function share(
        uint256 role,
        uint64 units,
        address account
    ) internal pure returns (ICapsuleRegistry.ShareRow memory) {
        return ICapsuleRegistry.ShareRow(ICapsuleRegistry.Role(role), units, account, 0);
    }

    function capsuleShare(
        uint256 role,
        uint64 units,
        uint64 capsuleId
    ) internal pure returns (ICapsuleRegistry.ShareRow memory) {
        return ICapsuleRegistry.ShareRow(ICapsuleRegistry.Role(role), units, address(0), capsuleId);
    }

    /// @dev Gives `payer` exactly `amount` more and approves the router.
    function fund(IToken token, address payer, uint256 amount) internal {
        token.mint(payer, amount);
        VM.prank(payer);
        token.approve(address(router), type(uint256).max);
    }

    function payCapsule(IToken token, address payer, uint64 capsuleId, uint256 amount) internal {
        fund(token, payer, amount);
        VM.prank(payer);
        router.pay(capsuleId, address(token), uint128(amount), "");
    }

    function mintLicense(
        uint64 offerId,
        address to,
        address signer,
        uint64 units
    ) internal returns (uint64 licenseId) {
        ITermsRegistry.Offer memory offer = terms.offerOf(offerId);
        uint256 price = priceUp(units, offer.pricePerMillion);
        fund(IToken(offer.currency), to, price);
        VM.prank(to);
        licenseId = licenses.mint(ILicenseNFT.MintParams(offerId, to, signer, units, uint128(price)), "");
    }

    /// @dev Price of units for a buyer.
    function priceUp(uint256 units, uint256 pricePerMillion) internal pure returns (uint256) {
        return (units * pricePerMillion + MILLION - 1) / MILLION;
    }

    /// @dev Price of units for a refund.
    function priceDown(uint256 units, uint256 pricePerMillion) internal pure returns (uint256) {
        return (units * pricePerMillion) / MILLION;
    }

    function claimRange(
        uint64 capsuleId,
        uint32 version,
        address token,
        uint256 first,
        uint256 count
    ) internal pure returns (ISettlementRouter.Claim[] memory claims) {
        claims = new ISettlementRouter.Claim[](1);
        claims[0] = ISettlementRouter.Claim(capsuleId, version, token, first, count);
    }

    /// @dev Signs a voucher as a wallet does. EIP-712 is written out here, independent of the ledger.
    function voucher(
        uint256 key,
        uint64 licenseId,
        uint64 units,
        uint32 contexts
    ) internal view returns (IUsageLedger.OpenRow memory) {
        return voucherFor(address(ledger), key, licenseId, units, contexts);
    }

    function voucherFor(
        address verifier,
        uint256 key,
        uint64 licenseId,
        uint64 units,
        uint32 contexts
    ) internal view returns (IUsageLedger.OpenRow memory) {
        bytes32 usage = bytes32((uint256(contexts) << 64) | units);
        (bytes32 r, bytes32 vs) = signUsage(verifier, key, licenseId, usage);
        OpenEntry entry = OpenEntry.wrap(bytes32((uint256(licenseId) << 96) | uint256(usage)));
        return IUsageLedger.OpenRow(entry, r, vs);
    }

    function signUsage(
        address verifier,
        uint256 key,
        uint64 licenseId,
        bytes32 usage
    ) internal view returns (bytes32, bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(keccak256("UsageVoucher(uint256 licenseId,bytes32 usage)"), uint256(licenseId), usage)
        );
        (uint8 v, bytes32 r, bytes32 s) = signStruct(verifier, key, structHash);
        return (r, bytes32((uint256(v - 27) << 255) | uint256(s)));
    }

    function signStruct(
        address verifier,
        uint256 key,
        bytes32 structHash
    ) internal view returns (uint8 v, bytes32 r, bytes32 s) {
        return VM.sign(key, keccak256(abi.encodePacked("\x19\x01", _voucherDomain(verifier), structHash)));
    }

    function _voucherDomain(address verifier) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(
                        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                    ),
                    keccak256("Benefit Grid UsageLedger"),
                    keccak256("1"),
                    block.chainid,
                    verifier
                )
            );
    }

    function singleBatch(
        uint64 offerId,
        IUsageLedger.OpenRow memory row
    ) internal pure returns (IUsageLedger.OpenBatch[] memory batches) {
        batches = new IUsageLedger.OpenBatch[](1);
        batches[0].offerId = offerId;
        batches[0].rows = new IUsageLedger.OpenRow[](1);
        batches[0].rows[0] = row;
    }
}
