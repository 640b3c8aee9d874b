// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {GridReplay} from "../dist/testing/GridReplay.sol";
import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {IUsageLedger} from "../metering/IUsageLedger.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";

/// @notice `TestUSD`: six decimals, and anyone mints.
interface ITestUSD is IERC20 {
    /// @notice Mints `amount` base units to `to`.
    function mint(address to, uint256 amount) external;
}

/// @dev The cheatcodes that are used here. Your test may import forge-std beside this file.
interface IGridVm {
    function startPrank(address sender, address origin) external;
    function stopPrank() external;
    function setNonce(address account, uint64 nonce) external;
}

/// @notice Base of your Solidity tests, for Foundry and Hardhat 3: deploys the whole grid before each test.
/// @dev A `setUp` of your own calls `super.setUp()` first. The grid has no admissions of the DAO. `GRID_TIMELOCK` has the
///      admin roles, and `GRID_DEPLOYER` is the guardian's council: prank them.
abstract contract GridTest is GridReplay {
    /// @notice Base units for 1,000,000 metered units of the offers of `publishCapsule`.
    uint96 internal constant PRICE_PER_MILLION = 25_000_000;

    IGridVm private constant GRID_VM = IGridVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    ICapsuleRegistry internal capsules = ICapsuleRegistry(CAPSULE_REGISTRY);
    ITermsRegistry internal terms = ITermsRegistry(TERMS_REGISTRY);
    ILicenseNFT internal licenses = ILicenseNFT(LICENSE_NFT);
    IUsageLedger internal ledger = IUsageLedger(USAGE_LEDGER);
    ISettlementRouter internal router = ISettlementRouter(SETTLEMENT_ROUTER);
    ITestUSD internal usd = ITestUSD(TEST_USD);

    error GridDeploymentFailed(uint64 nonce);

    function setUp() public virtual {
        GRID_VM.startPrank(GRID_DEPLOYER, GRID_DEPLOYER);
        replay();
        GRID_VM.stopPrank();
    }

    /// @notice Publishes a capsule of `creator` and an open offer of 25 base units for a metered unit.
    /// @dev Terms: 30 days, a day's notice before revocation, 1,000,000 units, transferable. The meter is `creator`'s.
    /// @param creator owns the capsule, and earns its data and model legs
    /// @param contexts set of the allowed contexts
    function publishCapsule(
        address creator,
        uint32 contexts
    ) internal returns (uint64 capsuleId, uint64 offerId) {
        ICapsuleRegistry.Registration memory registration;
        registration.contentHash = keccak256("content");
        registration.uri = "https://capsule.example";

        ITermsRegistry.Terms memory conditions;
        conditions.conditions.duration = 30 days;
        conditions.conditions.revocationNotice = 1 days;
        conditions.conditions.maxUnits = 1_000_000;
        conditions.conditions.contexts = contexts;
        conditions.conditions.transferable = true;

        ITermsRegistry.OfferParams memory offer;
        offer.ledger = address(ledger);
        offer.meterId = ledger.registerMeter(creator, creator, "https://meter.example");
        offer.currency = address(usd);
        offer.pricePerMillion = PRICE_PER_MILLION;

        GRID_VM.startPrank(creator, creator);
        (capsuleId, offerId) = terms.publish(registration, conditions, offer);
        GRID_VM.stopPrank();
    }

    /// @notice Buys a license with new `TestUSD`. Its holder signs its vouchers.
    /// @param offerId an offer of `publishCapsule`
    /// @param holder receives the license
    /// @param units metered units to prepay
    function mintLicense(uint64 offerId, address holder, uint64 units) internal returns (uint64 licenseId) {
        uint128 price = (uint128(units) * PRICE_PER_MILLION) / 1_000_000;
        usd.mint(address(this), price);
        usd.approve(address(router), price);
        return licenses.mint(ILicenseNFT.MintParams(offerId, holder, address(0), units, price), "");
    }

    function createNext(uint64 nonce, bytes memory code) internal override {
        // Calls of a prank do not count as transactions.
        GRID_VM.setNonce(GRID_DEPLOYER, nonce);
        address created;
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        if (created == address(0)) revert GridDeploymentFailed(nonce);
    }

    function callNext(uint64 nonce, address to, bytes memory data) internal override {
        (bool success, ) = to.call(data);
        if (!success) revert GridDeploymentFailed(nonce);
    }
}
